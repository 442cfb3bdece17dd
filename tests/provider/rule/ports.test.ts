import { normalise } from '../../../provider/rule/normalise';
import { parsePorts } from '../../../provider/rule/ports';
import { checkRule } from '../../../provider/rule/check';
test('x', () => {
  for (const v of [0,65536,99999,'80abc','abc80','90-80','70000-80000',-5,'--','1-','+80',' 80','１','1e3','0x50',NaN,true,80.5,'80, 443','80,80','80,75-85','http','','tcp/443','80,,443','-5','8000:8010','8000 - 8010'])
    console.log(JSON.stringify(parsePorts(v)));
  console.log(JSON.stringify(normalise({name:'a',externalPort:'443,80',internalPort:'8443,8080',internalAddress:'192.168.1.2',sources:['10.0.0.0/9','10.128.0.0/9','1.2.3.4']}),null,1));
  for (const i of [{name:'a b',externalPort:'80,443',internalPort:8080,internalAddress:'fe80::1',sources:[]},{name:'a',externalPort:'8000-8010',internalPort:9000,internalAddress:'192.168.001.10',sources:['10.0.0.1/8'], prot:'x', port: 1}])
    console.log(JSON.stringify(checkRule(i as never),null,1));
});
