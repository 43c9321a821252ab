import { sealWithKey } from '../../main/store/seal.ts';

export const TEST_SEAL = sealWithKey(Buffer.alloc(32, 7));
