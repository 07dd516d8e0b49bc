/** The page imports types of the API; one of them names a binding of the Worker, which the page never touches. */
declare type Ai = never;
