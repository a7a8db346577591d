export function withDatabase(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}

export function withLogin(url: string, login: { readonly name: string; readonly password: string }): string {
  return Object.assign(new URL(url), { username: login.name, password: login.password }).href;
}
