/** Loaded before a program: writes down at its end which of Node.js' own modules it has loaded. */
process.on('exit', () => {
  require('node:fs').writeFileSync(process.env.MODULES_FILE, process.moduleLoadList.join('\n'));
});
