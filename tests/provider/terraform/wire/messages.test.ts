import { providerService } from '../../../../provider/terraform/wire/definitions';
import { published } from './support/published';
import { samples } from './support/samples';

/** How the message `ReadResource.Request` is written and read. */
function codec(name: string) {
  const [call = '', part] = name.split('.');
  const method = providerService[call.charAt(0).toLowerCase() + call.slice(1)];
  if (method === undefined) throw new Error(`there is no ${name}`);
  return part === 'Request'
    ? { write: method.requestSerialize, read: method.requestDeserialize }
    : { write: method.responseSerialize, read: method.responseDeserialize };
}

test.each(Object.keys(samples))('%s is written by the numbers of the published protocol', (name) => {
  const sample = samples[name] as object;
  expect(codec(name).write(sample).toString('base64')).toBe(published[name]);
  // Nothing that our types know gets lost.
  expect(codec(name).read(Buffer.from(published[name] as string, 'base64'))).toMatchObject(sample);
});

test('what is absent arrives as null, as an empty Buffer, as empty text', () => {
  expect(codec('ReadResource.Request').read(Buffer.alloc(0))).toEqual({
    type_name: '',
    current_state: null,
    private: Buffer.alloc(0),
    provider_meta: null,
    client_capabilities: null,
  });
  expect(codec('UpgradeResourceState.Request').read(Buffer.from([0x1a, 0]))).toEqual({
    type_name: '',
    version: 0,
    raw_state: { json: Buffer.alloc(0), flatmap: {} },
  });
});

test('fields of later versions of the protocol are skipped', () => {
  const later = Buffer.from('fa070161', 'hex'); // field 127: "a"
  const known = codec('ImportResourceState.Request');
  expect(known.read(Buffer.concat([later, known.write({ id: 'i' }), later]))).toMatchObject({ id: 'i' });
});
