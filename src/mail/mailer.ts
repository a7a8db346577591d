/** A mail of plain text to one address. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string };

/** The one way mail leaves. */
export type Mailer = {
  /** Resolves once somebody has taken the mail to deliver it; rejects when nobody will, or nobody says so in time. */
  send(mail: Mail): Promise<void>;
};
