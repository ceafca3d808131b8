// What html-validate finds in a page.
import { readFile } from "node:fs/promises";
import { HtmlValidate } from "html-validate";

const config = JSON.parse(await readFile(new URL("markup.json", import.meta.url), "utf8"));
const validator = new HtmlValidate({ root: true, ...config.settings });

export async function mistakes(page) {
  const report = await validator.validateString(await readFile(page.file, "utf8"), page.file);
  return report.results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, selector }) => ({ id: ruleId, help: message, line, selector })),
  );
}
