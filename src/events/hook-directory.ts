/** Where addresses of hooks are looked up across users. One is made for one user. */
export interface HookDirectory {
  put(hookId: string): Promise<void>;
  drop(hookId: string): Promise<void>;
}
