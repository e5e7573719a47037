/** ChatML, as most small instruction models have it (https://github.com/openai/openai-python/blob/v0.28.1/chatml.md). */
export const PLAIN_CHAT_TEMPLATE = `{%- for message in messages %}
    {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}`;

/**
 * ChatML with thoughts, behaving as Qwen3's does: thoughts before the last question are left out, and
 * `enable_thinking=false` begins the answer with an empty thought. The system message says so in a line of its own, as
 * SmolLM3's does; without that line node-llama-cpp takes the template for plain ChatML and does not look for thoughts.
 */
export const THINKING_CHAT_TEMPLATE = `{%- set ns = namespace(last_question=-1, has_system=false) %}
{%- set thinking = enable_thinking is not defined or enable_thinking %}
{%- set note = '' %}
{%- if thinking %}
    {%- set note = 'Think before you answer.' %}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'user' %}
        {%- set ns.last_question = loop.index0 %}
    {%- elif message.role == 'system' %}
        {%- set ns.has_system = true %}
    {%- endif %}
{%- endfor %}
{%- if thinking and not ns.has_system %}
    {{- '<|im_start|>system\\n' + note + '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'system' %}
        {{- '<|im_start|>system\\n' + message.content }}
        {%- if thinking %}
            {{- '\\n\\n' + note }}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == 'assistant' %}
        {%- set content = message.content %}
        {%- set thought = '' %}
        {%- if message.reasoning_content is defined and message.reasoning_content is not none %}
            {%- set thought = message.reasoning_content %}
        {%- elif '</think>' in content %}
            {%- set thought = content.split('</think>')[0].split('<think>')[-1] %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {{- '<|im_start|>assistant\\n' }}
        {%- if loop.index0 > ns.last_question and thought %}
            {{- '<think>' + thought + '</think>' + '\\n\\n' }}
        {%- endif %}
        {{- content + '<|im_end|>\\n' }}
    {%- else %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if not thinking %}
        {{- '<think>' + '\\n\\n' + '</think>' + '\\n\\n' }}
    {%- endif %}
{%- endif %}`;
