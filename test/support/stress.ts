/** Whether random runs go on until they have met all they can meet (.ci/run), or take a sample of seconds (`npm test`). */
export const IS_WHOLE = process.env['TEST_STRESS'] === 'whole';
