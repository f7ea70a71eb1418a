// Loaded before the service: a clock that tests can move, without the service knowing. The file holds seconds.
const { readFileSync } = require('node:fs');

const TheDate = Date;

function offset() {
  try {
    return Number(readFileSync(process.env.TEST_CLOCK, 'utf8')) * 1000;
  } catch {
    return 0;
  }
}

global.Date = class extends TheDate {
  constructor(...parts) {
    if (parts.length === 0) super(TheDate.now() + offset());
    else super(...parts);
  }

  static now() {
    return TheDate.now() + offset();
  }
};
