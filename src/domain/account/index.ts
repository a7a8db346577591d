export { closeAccount } from './close-account.ts';
export { deleteMyAccount } from './delete-my-account.ts';
export { exportMyData } from './export-my-data.ts';
