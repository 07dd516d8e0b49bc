import { type fakeRecord, type MemoryHome, memoryOn } from "./memory-home.ts";
import { objectStorage } from "./object-storage.ts";

export { aMemory, DAY, fakeRecord, HOUR, type MemoryHome, NOW } from "./memory-home.ts";
export { objectStorage as emptyStorage } from "./object-storage.ts";

/** A user's memory on SQLite in plain Node. */
export const memoryHome = ({
  storage = objectStorage(),
  outside,
}: { storage?: DurableObjectStorage; outside?: ReturnType<typeof fakeRecord> } = {}): MemoryHome => memoryOn(storage, outside);
