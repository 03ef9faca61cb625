/** Normalises the names that model servers and gateways give to models. */

/** Prefixes of gateways and paths of clouds, which say nothing about the model. */
const paths =
  /^(?:models\/|(?:projects\/[^/]+\/locations\/[^/]+\/)?publishers\/[^/]+\/models\/|accounts\/[^/]+\/(?:models|deployments)\/|(?:azure(?:_ai)?|bedrock(?:_converse)?|vertex(?:_ai)?|openrouter|litellm(?:_proxy)?|together(?:_ai)?|fireworks(?:_ai)?|deepinfra|groq|ollama|huggingface|hf|replicate|github|nvidia_nim|custom)[/:])+/;
const region = /^(?:us|eu|apac|ap|global|jp|us-gov)\./;
const bedrockVendor = /^(anthropic|amazon|meta|mistral|cohere|deepseek|ai21|qwen|openai|writer)\./;
/** Variants of OpenRouter and tags of other servers: `:nitro`, `:thinking`, `@20240620`, `-v1:0`. */
const variant = /(?:-v\d+)?(?:[:@][\w.-]+)$/;
const date = /[-_@](?:20\d{2}-?\d{2}-?\d{2}|\d{2}-20\d{2}|\d{2}-\d{2}|[01]\d[0-3]\d|2[0-9](?:0[1-9]|1[0-2]))$/;
const qualifier =
  /-(?:latest|preview|exp|experimental|fast|turbo-latest|versatile|instant|instruct|it|hf|fp8|awq|gptq|bf16)$/;

/**
 * The names under which a model may be listed, the closest first and all in lower case: with and without vendor, variant, date
 * and qualifiers, `3.5` also as `3-5`.
 */
export function spellingsOf(model: string): readonly string[] {
  const written = model.trim().toLowerCase().replace(/\s+/g, '-');
  const found = new Set<string>([written]);
  let name = written.replace(paths, '').replace(region, '');
  found.add(name);
  name = name.replace(bedrockVendor, '$1/');
  found.add(name);
  const add = (each: string) => {
    for (const spelling of [each, dashed(each), dotted(each)]) found.add(spelling);
  };
  add(name);
  const shorten = (each: string, ...patterns: readonly RegExp[]) => {
    let short = each;
    for (const pattern of patterns) {
      const next = short.replace(pattern, '');
      if (next === '' || next === short) continue;
      short = next;
      add(short);
    }
    return short;
  };
  for (const each of [name, name.replace(/^.*\//, '')]) {
    add(each);
    const short = shorten(each, variant, date, /-v\d+$/, qualifier, date, qualifier);
    add(asListed(short));
    add(asListed(each));
    add(`${asListed(short)}-instruct`);
  }
  return [...found];
}

/** Azure's `gpt-35`, Fireworks' `llama-v3p3`, Hugging Face's `Qwen2.5` and `Meta-Llama`, Together's `-Turbo`, as lists spell them. */
function asListed(name: string): string {
  return name
    .replaceAll('_', '-')
    .replace(/gpt-?(\d)(\d)(?=-|$)/, 'gpt-$1.$2')
    .replace(/-v(\d)p(\d)(?=-|$)/, '-$1.$2')
    .replace(/(^|\/)(qwen|llama|gemma|phi|deepseek-?v)(?=\d\.)/, '$1$2-')
    .replace(/(^|\/)meta-(?=llama)/, '$1')
    .replace(/^deepseek-ai\//, 'deepseek/')
    .replace(/(^|\/)deepseek-v3$/, '$1deepseek-chat')
    .replace(/^(?:zai-org|thudm)\//, 'z-ai/')
    .replace(/-instruct-(?:turbo|lite|reference)$/, '-instruct');
}

function dashed(name: string): string {
  return name.replace(/(\d)\.(?=\d)/g, '$1-');
}

function dotted(name: string): string {
  return name.replace(/(?<=-)(\d)-(\d)(?=-|$)/g, '$1.$2');
}
