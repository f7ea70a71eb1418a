export { closeClient, deleteClient, editClient, signUp } from './account';
export { bringReferral } from './bring';
export { mergeClients } from './merge';
export { enrol } from './enrol';
export { pay } from './pay';
export { withdraw } from './withdraw';
