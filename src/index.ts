/** What a module of a team's own is written with. docs/own-nouns.md walks through one. */
export { type AppOptions, createApp } from './app.ts';
export { either, hasGroup, hasScope } from './domain/authorize.ts';
export type { CallerDomain as DomainContext } from './domain/caller-domain.ts';
export { tenantScope } from './domain/context.ts';
export { countRows } from './domain/count-rows.ts';
export { HumanName } from './domain/human-name.ts';
export { type Page, type PageArgs, toPage } from './domain/paging.ts';
export { isRowId, RowId } from './domain/parse.ts';
export { type Change, defineVerb, type Verb, type Work } from './domain/verb.ts';
export { badUserInput, conflict, forbidden, notFound } from './errors.ts';
export { byId, listBy } from './graphql/loaders.ts';
export { connection } from './graphql/resolvers/connection.ts';
export { scopeOf } from './graphql/resolvers/scope-of.ts';
export type { Principal } from './identity/principal.ts';
export { defineModule, type Module } from './modules/module.ts';
export type { Scope } from './store/scope.ts';
