export { bindAppClient } from './bind-app-client.ts';
export { unbindAppClient } from './unbind-app-client.ts';
