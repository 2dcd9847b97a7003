// What batches share that write decisions rather than records of the roster: the kernel's, for the whole house.
export { payloadOf, refused, type Told } from '../../kernel/told.ts'
