const { build, say, SetupError } = require('./setup');

try {
  build();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
