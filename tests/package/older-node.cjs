/** Loaded before a program: it sees another version of Node.js. */
Object.defineProperty(process.versions, 'node', { value: process.env.NODE_VERSION_OF_THE_TEST });
