import { CognitoJwtVerifier } from 'aws-jwt-verify';
import type { KeySet } from './key-set.ts';

export type SignatureCheckOptions = {
  readonly userPoolId: string;
  readonly keySet: Pick<KeySet, 'cache'>;
  /** Compared with `token_use`. */
  readonly tokenUse: 'access' | 'id';
};

/**
 * aws-jwt-verify over our key set: resolves to the modulus of the key that signed. Rejects with its JwtBaseError, or
 * AppError SERVICE_UNAVAILABLE without keys. The claims its parser reads are not used.
 */
export function createSignatureCheck({ userPoolId, keySet, tokenUse }: SignatureCheckOptions) {
  // Which clients are good is asked of the registry each time, or of the token that came along.
  const verifier = CognitoJwtVerifier.create(
    { userPoolId, tokenUse, clientId: null, graceSeconds: 0 },
    { jwksCache: keySet.cache },
  );
  return async (token: string): Promise<string> => {
    let modulus = '';
    // The set may have changed by the time this resolves: what counts is the key that was used, not the key of its id.
    const noteKey = ({ jwk }: { readonly jwk: { readonly n?: string } }) => {
      modulus = jwk.n ?? '';
    };
    await verifier.verify(token, { customJwtCheck: noteKey });
    return modulus;
  };
}
