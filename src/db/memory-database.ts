import { type Database, database } from "./database.ts";

/** The database that holds a user's memory and knowledge. One for all so far; growing past one database's 10 GB is a further binding and a directory entry here. */
export const memoryDatabase = (env: { DB: D1Database }, _userId: string): Promise<Database> => database(env);
