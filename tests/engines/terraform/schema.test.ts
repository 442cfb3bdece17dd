import { schemaJson } from '../../../provider/terraform/schema/schema-json';
import { HOSTS } from '../../../provider/terraform/wire/hosts';
import { describeHcl } from '../support/hcl-suite';

describeHcl('the schema', (bench) => {
  test('is what we say without an engine that the engine prints', async () => {
    const project = await bench.project();
    const printed = JSON.parse(await project.succeed('providers', 'schema', '-json'));
    const [terraform, tofu] = HOSTS;
    expect(printed).toEqual(schemaJson(bench.engine === 'tofu' ? tofu : terraform));
  });
});
