export { closeClient, deleteClient, editClient, signUp } from './account';
export { mergeClients } from './merge';
