// Jest loads reporters without transforming them.
module.exports = require('tsx/cjs/api').require('./counting-reporter.ts', __filename).default;
