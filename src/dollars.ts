/** Millionths of a dollar as dollars with cents; less than a cent keeps two digits that say something. */
export function dollars(microUsd: number): string {
  const usd = microUsd / 1e6;
  return usd === 0 || usd >= 0.01 ? `$${usd.toFixed(2)}` : `$${usd.toPrecision(2)}`;
}
