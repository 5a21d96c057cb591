/** pool: customers whom nobody holds — claiming them, giving them up, the rules. */
export { ReleaseToPool } from "./ReleaseToPool";
