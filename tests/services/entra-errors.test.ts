import assert from 'node:assert/strict';
import { askedOfEntra } from '../../src/services/asked-of-entra.ts';
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
  50078: [/svc@contoso\.com/, /refreshToken/],
  50144: [/svc@contoso\.com/, /Active Directory/],
  90013: [/svc@contoso\.com/, /< and &/],
  530035: [/svc@contoso\.com/, /security defaults/, /refreshToken/],
  650057: [/the-app/, /API permissions/, /admin consent/],
  9002327: [/the-app/, /single-page application/, /Mobile and desktop applications/],
  7000112: [/the-app/, /contoso\.onmicrosoft\.com/, /Enterprise applications/],
  700038: [/the-app/, /contoso\.onmicrosoft\.com/, /clientId/],
  700024: [/svc@contoso\.com/, /clock of the agent/],
  70021: [/svc@contoso\.com/, /federated credential/],
  90072: [/svc@contoso\.com/, /guest/],
  70020: [/device code has expired/],
  80002: [/svc@contoso\.com/, /pass-through authentication/, /Run again later/],
  90061: [/svc@contoso\.com/, /identity provider/, /Run again later/],
  50166: [/svc@contoso\.com/, /identity provider/, /Run again later/],
  501661: [/svc@contoso\.com/, /identity provider/, /Run again later/],
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

const deadTokens = [700082, 700084, 70043, 70044, 70000, 70008, 9002313, 50173, 50132, 50133, 50078];

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

  it('with a code that nobody knows passes on what Entra says, and keeps the code and the correlation id', () => {
    const { message } = entraError(answer(1234567), subject);
    assert.equal(
      message,
      `Entra refused the sign-in of account svc@contoso.com in tenant contoso.onmicrosoft.com. It says: The service’s own words. Look the code up at https://login.microsoftonline.com/error?code=1234567 (AADSTS1234567, correlation id ${correlationId})`,
    );
  });

  const saying = (description: string, body = 'password=hunter2+%26more&scope=x', error = 'invalid_grant') => {
    const said = JSON.stringify({ error, error_description: description, error_codes: [1234567] });
    return entraError({ status: 400, headers: {}, body: said }, subject, askedOfEntra(body)).message;
  };

  it('passes on nothing that was sent, nothing as long as a token, and no more than a few lines', () => {
    const token = 'x'.repeat(60);
    const message = saying(
      `AADSTS1234567: You sent hunter2 &more, hunter2+%26more and ${token}.\r\nTrace ID: 1 ${token}`,
    );
    assert.match(message, /It says: You sent \*\*\*, \*\*\* and … Look the code up/);
    const long = saying(`AADSTS1234567: ${'on and on '.repeat(29)}hunter2 &more`);
    assert.ok(long.length < 600, long);
    assert.doesNotMatch(long, /hunt/, 'cut only after the password has gone');
  });

  it('without a word of Entra’s own says so much less', () => {
    assert.doesNotMatch(saying(''), /It says/);
    assert.doesNotMatch(saying('invalid_grant'), /It says/);
  });

  it('takes for a code and a correlation id only what looks like one', () => {
    const body = JSON.stringify({ error: 'You sent hunter2', correlation_id: 'hunter2', error_description: 7 });
    const { message, code } = entraError({ status: 400, headers: {}, body }, subject);
    assert.doesNotMatch(message, /hunter2/);
    assert.equal(code, '400');
  });

  for (const number of [50057, 53003, 65001, 700016, 1234567]) {
    it(`of a refresh token with AADSTS${number} too ends with the command that signs in again`, () => {
      const { message } = entraError(answer(number), withToken);
      assert.match(message, /sign in once again with: renew-pats sign-in --all-of-it \(AADSTS/);
    });
  }

  it('of a refresh token by an outage does not ask for another sign-in', () => {
    assert.doesNotMatch(entraError(answer(90033), withToken).message, /sign-in --all-of-it/);
  });

  for (const number of [50076, 53000, 53003]) {
    it(`for the vault’s token alone (AADSTS${number}) says Key Vault, and who could open the vault instead`, () => {
      const asked = askedOfEntra('grant_type=refresh_token&scope=https%3A%2F%2Fvault.azure.net%2F.default+openid');
      assert.match(
        entraError(answer(number), subject, asked).message,
        /for Azure Key Vault.*\(input azureSubscription\)/,
      );
      const application: SignInSubject = { ...subject, how: 'application' };
      assert.doesNotMatch(entraError(answer(number), application, asked).message, /azureSubscription/);
      assert.doesNotMatch(entraError(answer(number), subject).message, /Key Vault/);
    });
  }

  const endings: readonly [string, RegExp][] = [
    ['authorization_declined', /declined to let the app the-app act/],
    ['expired_token', /has expired before it was entered/],
    ['bad_verification_code', /does not know the device code/],
  ];
  for (const [error, words] of endings) {
    it(`of a device code with ${error} is told by that name, whatever the number`, () => {
      for (const error_codes of [[70000], [1234567], []]) {
        const body = JSON.stringify({ error, error_codes, error_description: 'AADSTS70000: …' });
        assert.match(entraError({ status: 400, headers: {}, body }, { ...subject, how: 'person' }).message, words);
      }
    });
  }

  for (const number of [700016, 700038, 7000112, 90002]) {
    it(`of a service connection with AADSTS${number} names what of the connection to look at`, () => {
      const connection: SignInSubject = { ...subject, who: 'service connection "vault"', how: 'application' };
      const { message } = entraError(answer(number), connection);
      assert.match(message, /of service connection "vault"|Service connections/);
      assert.doesNotMatch(message, /the inputs? clientId|the input tenantId/);
    });
  }

  it('tells what may be wrong with the password where it was looked at, and only there', () => {
    const doubtful: SignInSubject = { ...subject, doubts: ['The password ends with a line break.'] };
    assert.match(entraError(answer(50126), doubtful).message, /The password ends with a line break\. \(AADSTS50126/);
    assert.doesNotMatch(entraError(answer(53003), doubtful).message, /line break/);
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
    assert.deepEqual(
      passing.sort((a, b) => a - b),
      [50166, 50196, 80002, 90033, 90055, 90061, 501661],
    );
  });

  it('is not tried again where the same answer says that the password was refused', () => {
    const body = JSON.stringify({
      error: 'invalid_grant',
      error_codes: [80002, 50126],
      error_description: 'AADSTS80002',
    });
    const both = entraError({ status: 400, headers: {}, body }, subject);
    assert.deepEqual([both.code, both.transient], ['AADSTS50126', false]);
    const described = JSON.stringify({
      error: 'invalid_grant',
      error_codes: [80002],
      error_description: 'AADSTS50126: no',
    });
    assert.equal(entraError({ status: 400, headers: {}, body: described }, subject).transient, false);
  });
});
