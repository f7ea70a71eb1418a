export { createWebhooks, type EndpointView, type Webhooks } from './create';
export { readWebhooks, type Endpoint, type WebhookInput } from './endpoints';
export type { MessagesQuery, WebhookMessage } from './read';
export {
  deliveriesOf,
  enableAgain,
  endpointStates,
  sendAgain,
  type DeliveryView,
  type EndpointState,
} from './staff';
