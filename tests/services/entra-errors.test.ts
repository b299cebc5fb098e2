import assert from 'node:assert/strict';
import { entraError, type SignInSubject } from '../../src/services/entra-errors.ts';

const correlationId = '11111111-2222-3333-4444-555555555555';
const subject: SignInSubject = {
  who: 'account svc@contoso.com',
  tenant: 'contoso.onmicrosoft.com',
  clientId: 'the-app',
  host: 'login.microsoftonline.com',
  how: 'password',
};
const withToken: SignInSubject = { ...subject, how: 'refresh token', command: 'renew-pats sign-in --all-of-it' };

const answer = (number: number, status = 400) => ({
  status,
  headers: {},
  body: JSON.stringify({
    error: 'invalid_grant',
    error_description: `AADSTS${number}: The service’s own words. Trace ID: x Correlation ID: ${correlationId}`,
    error_codes: [number],
    correlation_id: correlationId,
  }),
});

/** Of the table of codes that the product has to have words for, and what the words must name. */
const known: Readonly<Record<number, readonly RegExp[]>> = {
  50126: [/svc@contoso\.com/, /contoso\.onmicrosoft\.com/, /sa_password/, /sent once/],
  50034: [/svc@contoso\.com/, /contoso\.onmicrosoft\.com/, /tenantid/],
  50053: [/svc@contoso\.com/, /unlock/],
  50055: [/svc@contoso\.com/, /Set a new one/],
  50056: [/svc@contoso\.com/],
  50057: [/svc@contoso\.com/, /Enable/],
  50058: [/contoso\.onmicrosoft\.com/, /GUID/],
  50059: [/contoso\.onmicrosoft\.com/, /GUID/],
  50072: [/svc@contoso\.com/, /refreshToken/],
  50079: [/svc@contoso\.com/, /refreshToken/],
  50074: [/svc@contoso\.com/, /refreshToken/],
  50076: [/svc@contoso\.com/, /Conditional Access/],
  50158: [/svc@contoso\.com/, /refreshToken/],
  53000: [/svc@contoso\.com/, /managed device/],
  53001: [/svc@contoso\.com/, /managed device/],
  50097: [/svc@contoso\.com/, /managed device/],
  53003: [/svc@contoso\.com/, /sign-in log/],
  530031: [/svc@contoso\.com/, /sign-in log/],
  53004: [/svc@contoso\.com/, /second factor/],
  65001: [/the-app/, /admin consent/],
  65002: [/the-app/, /app of your own/],
  7000218: [/the-app/, /Allow public client flows/],
  7000215: [/svc@contoso\.com/, /secret/],
  7000222: [/svc@contoso\.com/, /expired/],
  700016: [/the-app/, /contoso\.onmicrosoft\.com/, /clientId/],
  90002: [/contoso\.onmicrosoft\.com/, /login\.microsoftonline\.com/, /authorityHost/],
  9001023: [/GUID/],
  50020: [/svc@contoso\.com/, /contoso\.onmicrosoft\.com/],
  500011: [/contoso\.onmicrosoft\.com/, /Key Vault/],
  90033: [/Run again later/],
  90055: [/Run again later/],
  50196: [/svc@contoso\.com/, /Run again later/],
};

const deadTokens = [700082, 700084, 70043, 70044, 70000, 70008, 50173, 50133];

describe('A refused sign-in', () => {
  for (const [number, words] of Object.entries(known)) {
    it(`with AADSTS${number} says what happened and what to do, to whom, and keeps the code and the correlation id`, () => {
      const { message, code } = entraError(answer(Number(number)), subject);
      assert.equal(code, `AADSTS${number}`);
      assert.ok(message.endsWith(` (AADSTS${number}, correlation id ${correlationId})`), message);
      for (const word of words) assert.match(message, word);
      const sentences = message.replace(/ \(AADSTS.*$/, '').match(/\.(?= |$)/g) ?? [];
      assert.ok(sentences.length >= 2, `one sentence of what happened, one of what to do: ${message}`);
      assert.ok(!message.includes('The service’s own words'), 'in words of our own');
    });
  }

  for (const number of deadTokens) {
    it(`with AADSTS${number} and a stored token names the whole command`, () => {
      const { message } = entraError(answer(number), withToken);
      assert.match(message, /svc@contoso\.com/);
      assert.match(message, /[Ss]ign in once again with: renew-pats sign-in --all-of-it \(AADSTS/);
    });
  }

  it('with a code that nobody knows keeps the code and the correlation id', () => {
    const { message } = entraError(answer(1234567), subject);
    assert.equal(
      message,
      `Entra refused the sign-in of account svc@contoso.com in tenant contoso.onmicrosoft.com. Look the code up at https://login.microsoftonline.com/error?code=1234567 (AADSTS1234567, correlation id ${correlationId})`,
    );
  });

  it('takes the numbers from the text where there is no list of them', () => {
    const body = JSON.stringify({
      error: 'invalid_grant',
      error_description: `AADSTS50057: Disabled. Correlation ID: ${correlationId} `,
    });
    const { message } = entraError({ status: 400, headers: {}, body }, subject);
    assert.match(message, new RegExp(`\\(AADSTS50057, correlation id ${correlationId}\\)$`));
  });

  it('with a page in place of data names the host and the proxy, and proves nothing', () => {
    const { message, outcome } = entraError({ status: 200, headers: {}, body: '<html>' }, subject);
    assert.match(message, /^login\.microsoftonline\.com answered with a page .* account svc@contoso\.com .*proxy/);
    assert.equal(outcome, 'unknown');
  });

  it('is tried again only where it passes by itself: never a wrong password', () => {
    const passing = [...Object.keys(known).map(Number), ...deadTokens].filter(
      (number) => entraError(answer(number), subject).transient,
    );
    assert.deepEqual(passing, [50196, 90033, 90055]);
  });
});
