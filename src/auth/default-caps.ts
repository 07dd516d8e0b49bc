/** Hard caps of every new account until somebody changes them, in millionths of a US dollar: 5 dollars a day, 50 a month. */
export const DEFAULT_DAY_CAP_MICRO_USD = 5_000_000;
export const DEFAULT_MONTH_CAP_MICRO_USD = 50_000_000;

export const usdOf = (microUsd: number | null): number | null => (microUsd === null ? null : microUsd / 1_000_000);
export const microUsdOf = (usd: number | null): number | null => (usd === null ? null : Math.round(usd * 1_000_000));
