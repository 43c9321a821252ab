/** The StackStorm whose behaviour the app follows: a pack that asks for another one may rely on what is not there. */
export const STACKSTORM_VERSION = '3.9.0';
