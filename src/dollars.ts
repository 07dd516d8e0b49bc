/** Millionths of a dollar, with as many decimals as show something. */
export const dollars = (micro: number): string => `$${(micro / 1e6).toFixed(micro > 0 && micro < 10_000 ? 4 : 2)}`;
