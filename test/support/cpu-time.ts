/** How many milliseconds of computing a work takes. The clock on the wall counts what else a busy machine does meanwhile. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
