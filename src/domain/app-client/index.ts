export { APP_CLIENT_ID } from './app-client-id.ts';
export { bindAppClient } from './bind-app-client.ts';
export { unbindAppClient } from './unbind-app-client.ts';
