/** Stands for the package `electron` in tests, which get their Electron as an argument. */
throw new Error('a test imported `electron`: hand in `FakeElectron` instead');
