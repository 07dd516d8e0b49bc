/** What works while the user is away: schedules, tasks and their profiles, listeners. */
export const schema004: readonly string[] = [];
