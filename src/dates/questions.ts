/** What is asked back when a due date is not clear. One sentence each, for the person who typed it. */
export const noSuchTime = (text: string): string => `“${text.trim()}” is not a real date and time. When is it due?`;
export const RECURRING = "A due date is a single day; I cannot repeat a to-do yet. Which day is it due first?";
export const VAGUE = "That is not a day I can put on a calendar. Which day is it due?";
export const TOO_FAR = "That is further away than I can count. Which day is it due?";
export const bareNumber = (text: string): string => `“${text}” can be an hour, a day of the month or a number of days. Which one is it?`;
export const past = (echo: string): string => `${echo} is in the past. When is it due?`;
