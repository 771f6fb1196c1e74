/** Accounts and tokens that the seed of the playground makes. */
export { readers, tokens } from '../../playground/src/seed/credentials';
