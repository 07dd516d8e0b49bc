import * as echarts from "echarts";

/** A chart as an SVG text, from an option of Apache ECharts: `svg({ xAxis: { data: ["a", "b"] }, yAxis: {}, series: [{ type: "bar", data: [1, 2] }] })`. */
export function svg(option, { width = 800, height = 500 } = {}) {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    // A picture has one moment only.
    chart.setOption({ textStyle: { fontFamily: "DejaVu Sans, sans-serif" }, backgroundColor: "#ffffff", ...option, animation: false });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

export default { svg };
