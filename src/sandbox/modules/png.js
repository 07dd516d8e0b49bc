import { initWasm, Resvg } from "@resvg/resvg-wasm";
// Given beside this module when it is loaded, as bytes: a Worker cannot make machine code of bytes by itself.
import font from "margay-font.ttf";
import machine from "margay-resvg.wasm";

let ready = null;

/** A PNG of an SVG text, as bytes for `files.write`. `width`: pixels; absent: the SVG's own. */
export async function png(svg, { width, background = "#ffffff" } = {}) {
  ready ??= initWasm(machine);
  await ready;
  const drawn = new Resvg(svg, {
    background,
    ...(width === undefined ? {} : { fitTo: { mode: "width", value: width } }),
    font: { loadSystemFonts: false, fontBuffers: [new Uint8Array(font)], defaultFontFamily: "DejaVu Sans" },
  }).render();
  try {
    return drawn.asPng();
  } finally {
    drawn.free();
  }
}

export default { png };
