/** Writes docs/classic-form.md: the form of the classic editor, made from task.json. Run it after a change there. */
import { writeFileSync } from 'node:fs';
import task from '../tasks/RenewPats/task.json' with { type: 'json' };
import { classicFormPage } from './classic-form/page.ts';

writeFileSync('docs/classic-form.md', classicFormPage(task));
