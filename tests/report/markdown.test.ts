import assert from 'node:assert/strict';
import { marked } from 'marked';
import { day, hour, minute } from '../../src/renewal/instant.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { plainText } from '../../src/report/plain-text.ts';
import { entry, now, replaced, reportOf, settingsOf } from './example-report.ts';
import { hostileNames } from './hostile-names.ts';

/** The summary as a GFM parser renders it, without its tags. */
function shown(
  ...[report, settings = settingsOf()]: [Parameters<typeof summaryMarkdown>[0], ReturnType<typeof settingsOf>?]
) {
  return textOf(marked.parse(summaryMarkdown(report, settings), { async: false }));
}

function textOf(html: string): string {
  return html
    .replace(/<\/?strong>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');
}

describe('the summary', () => {
  it('begins with what happened, in one line', () => {
    const report = reportOf([replaced('Build feed'), replaced('Deploy'), entry({ displayName: 'Wiki' })]);

    assert.match(
      summaryMarkdown(report, settingsOf()),
      /^\*\*2 replaced, 1 in use\.\*\* Mode advanced, 2026-11-23 04:00 UTC\.\n/,
    );
  });

  it('tells each failure in full, with the remedy that the message holds, before anything else', () => {
    const message =
      'Refused: its secret holds somebody’s value. Name another secret for it. Nothing of it was touched.';
    const report = reportOf([
      replaced('Deploy'),
      entry({ displayName: 'Signing', action: 'replace', outcome: 'failed', message }),
    ]);
    const text = shown(report);

    assert.ok(text.includes(`Signing (contoso): ${message} `), text);
    assert.match(text, /Failed, and how to mend it .* run the step again: .* What comes next .* contoso PAT/);
    assert.match(text, /Signing ✘ FAILED .* see above Deploy ✔ replaced/);
  });

  it('says why nothing could be done, and how to mend it', () => {
    const report = reportOf([], { organizations: [], failure: 'AADSTS50126: wrong password. Nothing was changed.' });
    const text = shown(report);

    assert.match(text, /^ ?Nothing was done\. .*AADSTS50126: wrong password\. Nothing was changed\./);
    assert.doesNotMatch(text, /comes next/);
  });

  it('asks to put right what failed before it ends: another run alone would not help', () => {
    const failed = entry({ displayName: 'Signing', action: 'extend', outcome: 'failed', message: 'Refused.' });
    assert.match(
      shown(reportOf([failed])),
      /The first to end is Signing, on [^:]+: put right what failed before then\./,
    );
  });

  it('does not claim that anything else was handled where all failed', () => {
    const failed = entry({ displayName: 'Signing', action: 'replace', outcome: 'failed', message: 'Refused.' });
    assert.doesNotMatch(shown(reportOf([failed])), /Everything else/);
    assert.match(shown(reportOf([failed, replaced('Deploy')])), /Everything else was handled\./);
  });

  it('tells one cause once, with the names of all that failed by it', () => {
    const failed = ['Build feed', 'Deploy', 'Wiki'].map((displayName) =>
      entry({
        displayName,
        action: 'replace',
        outcome: 'failed',
        cause: 'vault',
        message: `No right at ${displayName}.`,
      }),
    );
    const text = shown(reportOf(failed));

    assert.ok(
      text.includes('Build feed, Deploy and Wiki (contoso) failed alike. Of the first: No right at Build feed.'),
      text,
    );
    assert.ok(!text.includes('No right at Deploy.'), text);
  });

  it('says what helps where only an end made the step fail: to run a report again does not', () => {
    const soon = { endingTooSoon: ['"Deploy" ends on 2026-11-25T04:00:00Z'] };
    const pats = [entry({ displayName: 'Deploy', validTo: now + 2 * day })];
    const watchdog = shown(reportOf(pats, { ...soon, mode: 'report' }));

    assert.match(
      watchdog,
      /2026-11-25T04:00:00Z; the input failDays makes that a failure\. Nothing was changed\. What renews/,
    );
    assert.doesNotMatch(watchdog, /run the step again/);
    assert.match(shown(reportOf(pats, soon)), /their lines below say why they were not renewed/);
  });

  it('keeps the lines of a failure that shows what to write', () => {
    const failure = 'Each rule stands on a line of its own:\n  pats: |\n    <b>Build</b> feed';
    const html = marked.parse(summaryMarkdown(reportOf([], { organizations: [], failure }), settingsOf()), {
      async: false,
    });

    assert.match(html, /of its own:<br>&nbsp;&nbsp;pats: \|<br>&nbsp;&nbsp;&nbsp;&nbsp;&lt;b&gt;Build/);
  });

  it('says that nothing was done where no organization could be read', () => {
    const unreachable = [{ organization: 'fabrikam', message: 'It does not exist.' }];
    assert.match(shown(reportOf([], { organizations: [], unreachable })), /^ ?Nothing was done\./);
  });

  it('names what the rules leave out, harmless', () => {
    const leftOut = ['Laptop *', '<b>##vso[x]</b>'];
    const text = shown(
      reportOf([], { organizations: [{ organization: 'contoso', pats: [replaced('Deploy')], leftOut }] }),
    );
    assert.ok(text.includes('Left out by the rules in the input pats: "Laptop *", "<b>#_#vso[x]</b>".'), text);
  });

  it('tells of organizations that could not be read', () => {
    const report = reportOf([entry({ displayName: 'Deploy' })], {
      unreachable: [{ organization: 'fabrikam', message: 'It does not exist.' }],
    });

    assert.match(shown(report), /Organization fabrikam was left out: It does not exist\./);
  });

  it('says once what stands among the warnings', () => {
    const message = 'Expired, so left. Set includeExpired to true to have it replaced.';
    const report = reportOf(
      [entry({ displayName: 'Old', action: 'skip', outcome: 'skipped', validTo: now - day, message })],
      { warnings: [`"Old" (contoso): ${message}`] },
    );

    assert.equal(shown(report).split(message).length, 2);
  });

  describe('says what comes next', () => {
    it('with the time after which the replaced PATs are revoked, and by what', () => {
      const report = reportOf([
        replaced('Build feed'),
        { ...replaced('Deploy'), revokeAfter: now + 48 * hour + 3 * minute },
      ]);

      assert.match(
        shown(report),
        /After 2026-11-25 04:03 UTC \(in 2 days\) the next run with mode advanced or revoke revokes the old PATs of Build feed and Deploy: by then/,
      );
    });

    it('with mode revoke alone, where no vault says what was delivered', () => {
      const report = reportOf([{ ...replaced('Deploy'), destination: 'PAT_DEPLOY' }]);

      assert.match(
        shown(report, settingsOf({ hasPlaces: false })),
        /the next run with mode revoke revokes the old PAT of Deploy/,
      );
    });

    it('with who stores and who confirms what was handed over', () => {
      const handed = (displayName: string) => {
        const { revokeAfter: _, ...rest } = replaced(displayName);
        return { ...rest, destination: `PAT_${displayName.toUpperCase()}` };
      };
      const settings = settingsOf({ hasPlaces: false });

      assert.match(
        shown(reportOf([handed('Deploy')]), settings),
        /Later steps of this job store the new value of Deploy, then one with mode revoke confirms that: until then the old one stays as it is\./,
      );
      assert.match(
        shown(reportOf([handed('A'), handed('B')]), settings),
        /the new values of A and B, then .* the old ones stay as they are\./,
      );
      assert.doesNotMatch(shown(reportOf([replaced('Deploy')])), /Later steps/);
    });

    it('never that something is to be renewed before a time that has passed', () => {
      const report = reportOf([entry({ displayName: 'Deploy' })], { mode: 'report', nextExpiry: now - day });

      assert.match(shown(report), /The first to end is Deploy, on 2027-01-22/);
    });

    it('of a PAT valid in all organizations, which mode simple cannot save', () => {
      const validTo = Date.parse('2026-12-01T00:00:00Z');
      const report = reportOf([entry({ displayName: 'Deploy', validTo })], { mode: 'simple' });

      assert.match(shown(report), /on 2026-12-01 \(in 7 days\), whatever its date: mode advanced replaces/);
    });

    it('of PATs that earlier runs have superseded, by their marker too', () => {
      const displayName = 'Deploy (Renew PATs: revoke after 2026-11-22T04:00:00Z)';
      const report = reportOf([entry({ displayName }), entry({ displayName: 'Deploy' })], { mode: 'report' });
      const text = shown(report);

      assert.match(text, /From now on the next run with mode advanced or revoke revokes the old PAT of Deploy\./);
      assert.match(text, /superseded/);
    });

    it('of a dry run as what would be, and counts the ends as they still are', () => {
      const pats = [{ ...replaced('Deploy'), outcome: 'planned' } as const, entry({ displayName: 'Wiki' })];
      const text = shown(reportOf(pats, { dryRun: true, nextExpiry: now + 10 * day }));

      assert.match(
        text,
        /What would come next .* a run with mode advanced or revoke would revoke the old PAT of Deploy\./,
      );
      assert.match(text, /The first to end is Deploy, on 2026-12-03/);
      assert.match(text, /Deploy would replace 2026-12-03/);
    });

    for (const { name, mode, renewBeforeDays, sentence } of [
      {
        name: 'from when it is due',
        mode: 'simple',
        renewBeforeDays: 30,
        sentence: /in 60 days\); due from 2026-12-23 \(in 30 days\) on\./,
      },
      {
        name: 'that it is due now',
        mode: 'simple',
        renewBeforeDays: 59 + 2,
        sentence: /; due now: let a run come before then\./,
      },
      {
        name: 'that every run renews',
        mode: 'advanced',
        renewBeforeDays: undefined,
        sentence: /Every run of this step renews/,
      },
      {
        name: 'that another mode renews',
        mode: 'report',
        renewBeforeDays: undefined,
        sentence: /renew before then, with mode simple or advanced/,
      },
    ] as const) {
      it(`of the first PAT to end, and ${name}`, () => {
        const report = reportOf([entry({ displayName: 'Deploy' })], { mode, nextExpiry: now + 60 * day });

        assert.match(shown(report, settingsOf({ renewBeforeDays })), /The first to end is Deploy, on 2027-01-22/);
        assert.match(shown(report, settingsOf({ renewBeforeDays })), sentence);
      });
    }
  });

  it('stays readable with a thousand PATs: it shows what matters most and counts the rest', () => {
    const many = Array.from({ length: 1000 }, (_, index) => entry({ displayName: `PAT ${index}` }));
    const report = reportOf([
      ...many,
      entry({ displayName: 'Bad', action: 'extend', outcome: 'failed', message: 'Refused.' }),
    ]);
    const markdown = summaryMarkdown(report, settingsOf());

    assert.ok(markdown.length < 20_000, `${markdown.length} characters`);
    assert.match(markdown, /\nAnd 901 more: 901 in use\. The JSON report lists all\.\n/);
    assert.match(markdown, /\| Bad \| ✘ FAILED/);
  });

  describe('shows as it stands, whatever place it has,', () => {
    for (const name of hostileNames) {
      it(`the name ${JSON.stringify(name)}`, () => {
        const pats = [
          entry({ displayName: name, message: name, destination: name }),
          entry({ displayName: `${name} `, action: 'extend', outcome: 'failed', message: name }),
        ];
        const report = reportOf(pats, { warnings: [name], unreachable: [{ organization: name, message: name }] });
        const html = marked.parse(summaryMarkdown(report, settingsOf()), { async: false });
        const expected = plainText(name);

        assert.deepEqual(
          new Set(html.match(/<[a-z]+\d?/g)),
          new Set(['<p', '<strong', '<h3', '<ul', '<li', '<table', '<thead', '<tbody', '<tr', '<th', '<td']),
        );
        assert.equal(html.match(/<td/g)?.length, 10, 'a cell too many or too few');
        const visible = textOf(html);
        assert.ok(visible.split(expected.replace(/\s+/g, ' ').trim()).length >= 8, visible);
      });
    }
  });
});
