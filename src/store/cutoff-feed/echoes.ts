type Send = (sentAt: number) => Promise<void>;
type Waiting = { readonly since: number; readonly resolve: () => void; readonly reject: (error: Error) => void };

/** What a channel says to itself and hears again. Times are milliseconds on the monotonic clock. */
export type Echoes = {
  /** From now on what is heard counts. */
  begin(send: Send): void;
  send(): Promise<void>;
  hear(sentAt: number): void;
  /** What was said before may have been missed; nothing counts until it begins anew. */
  lose(): void;
  provenAt(): number;
  isProven(): boolean;
  /** Says something and resolves once it was heard. Rejects when it is lost, or not heard within `timeoutMs`. */
  prove(timeoutMs: number): Promise<void>;
  /** Called when something is heard for the first time since it was lost. */
  onFirst(listener: () => void): void;
};

export function createEchoes(): Echoes {
  let sendNow: Send | null = null;
  let provenAt = Number.NEGATIVE_INFINITY;
  let isProven = false;
  let noteFirst = () => {};
  const waiting = new Set<Waiting>();
  const send = async () => {
    if (sendNow === null) throw new Error('the channel is not open');
    await sendNow(performance.now());
  };
  return {
    begin: (through) => {
      sendNow = through;
    },
    send,
    hear: (sentAt) => {
      if (sendNow === null) return;
      provenAt = Math.max(provenAt, sentAt);
      if (!isProven) noteFirst();
      isProven = true;
      for (const one of waiting) if (one.since <= sentAt) one.resolve();
    },
    lose: () => {
      sendNow = null;
      isProven = false;
      for (const one of waiting) one.reject(new Error('the channel broke'));
    },
    provenAt: () => provenAt,
    isProven: () => isProven,
    prove: async (timeoutMs) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const one = { since: performance.now(), resolve, reject };
      const timer = setTimeout(() => reject(new Error('the channel is silent')), timeoutMs);
      waiting.add(one);
      try {
        await Promise.all([promise, send()]);
      } finally {
        clearTimeout(timer);
        waiting.delete(one);
      }
    },
    onFirst: (listener) => {
      noteFirst = listener;
    },
  };
}
