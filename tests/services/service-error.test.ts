import assert from 'node:assert/strict';
import { ServiceError, sentenceOf } from '../../src/services/service-error.ts';

describe('the sentence of an error', () => {
  it('is its message', () => {
    assert.equal(sentenceOf(new ServiceError('Access denied.', { outcome: 'refused' })), 'Access denied.');
  });

  it('holds nothing of a thrown object: it may hold a request with its headers', () => {
    assert.equal(sentenceOf({ config: { headers: { Authorization: 'Bearer x' } } }), 'An unexpected error occurred.');
    assert.equal(sentenceOf('Bearer x'), 'An unexpected error occurred.');
  });
});
