/** What the tests need of a broker, whichever it is. */
export interface TestBroker {
  /** What the server is started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Brings it to the broker. What has the same key keeps its order. */
  send(
    body: string,
    more?: { readonly id?: string; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<void>;
  /** The next one that was put aside. */
  putAside(): Promise<PutAside>;
  /** Resolves when the server was sent this text; null: the broker does not tell. */
  readonly delivered: ((text: string) => Promise<void>) | null;
  /** Breaks the server's connections. */
  cut(): void;
  /** How many of those that were sent the broker would deliver again. Asked when the server is gone. */
  leftOver(): Promise<number>;
}

export interface PutAside {
  readonly body: string;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
}
