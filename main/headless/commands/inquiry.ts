import type { Command } from 'commander';
import type { Inquiry } from '../../contract/inquiries.ts';
import type { ParameterSpec, ParameterSpecs } from '../../contract/parameter-spec.ts';
import type { Cli } from '../cli-context.ts';
import { parseValues } from '../parse-values.ts';
import { fields, localTime, table } from '../text.ts';

/** Questions that executions wait with. */
export function addInquiryCommands(program: Command, cli: Cli): void {
  const inquiry = program.command('inquiry').description('list and answer the questions that executions wait with');
  inquiry
    .command('list')
    .description('list the open questions, the oldest first')
    .action(() =>
      cli.ask(async (client) => {
        const open = await client.inquiries.list();
        const { inquiryFields } = await import('../../contract/inquiries.ts');
        cli.show(open, () => inquiryTable(open, (each) => Object.keys(inquiryFields(each.schema)).join(', ')));
      }),
    );
  inquiry
    .command('get')
    .description('show a question, and what its answer holds')
    .argument('<id>')
    .action((id: string) =>
      cli.ask(async (client) => {
        const found = await client.inquiries.get({ id });
        const { inquiryFields } = await import('../../contract/inquiries.ts');
        cli.show(found, () => inquiryText(found, inquiryFields(found.schema)));
      }),
    );
  inquiry
    .command('respond')
    .description('answer a question; the execution that waits with it goes on')
    .argument('<id>')
    .argument('[values...]', '`key=value`, read by the types of the question’s schema')
    .option('--response <json>', 'the answer as one JSON object; `key=value` words go on top')
    .action((id: string, words: string[], options: { response?: string }) =>
      cli.ask(async (client) => {
        const found = await client.inquiries.get({ id });
        const { inquiryFields } = await import('../../contract/inquiries.ts');
        const response = parseValues(words, options.response, inquiryFields(found.schema));
        const ended = await client.inquiries.respond({ id, response });
        cli.show(ended, () => `${ended.id} is answered`);
      }),
    );
}

function inquiryTable(open: readonly Inquiry[], fieldsOf: (inquiry: Inquiry) => string): string {
  const rows = open.map((each) => [
    each.id,
    each.action,
    each.context.rule ?? each.context.source,
    localTime(each.askedAt),
    localTime(each.expiresAt) || 'never',
    fieldsOf(each),
  ]);
  return table(['ID', 'ACTION', 'BY', 'ASKED', 'EXPIRES', 'ASKS FOR'], rows, 'no execution waits for an answer');
}

function inquiryText(inquiry: Inquiry, specs: ParameterSpecs): string {
  const head = fields({
    id: inquiry.id,
    action: inquiry.action,
    by: inquiry.context.rule ?? inquiry.context.source,
    route: inquiry.route || undefined,
    users: inquiry.users.join(', ') || undefined,
    asked: localTime(inquiry.askedAt),
    expires: localTime(inquiry.expiresAt) || 'never',
  });
  const rows = Object.entries(specs).map(([name, spec]) => [name, typeText(spec), spec.description ?? '']);
  return `${head}\n\n${table(['FIELD', 'TYPE', 'DESCRIPTION'], rows, 'any object is an answer')}`;
}

function typeText(spec: ParameterSpec): string {
  const type = spec.enum ? spec.enum.map(String).join('|') : [spec.type ?? 'any'].flat().join('|');
  return spec.required === true ? `${type}, required` : type;
}
