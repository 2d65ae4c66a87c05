#include "firmware-tools/chipsim/chip.h"

#include <assert.h>

enum { WAKE_BYTE = 0x55 };

void chip_power_cycle(struct chip *c)
{
	sim_field_power(c->field, false);
	chip_forget_targets(c);
	c->search.on = false;
	c->asleep = true;
	c->in_len = c->out_count = c->last_len = 0;
	c->retries = 0xFF;
	c->timeout_code = 0x0A;
	c->parameters = 0x14;
	memset(c->registers, 0, sizeof(c->registers));
	c->registers[REG_TX_AUTO] = 0x43;
	c->registers[REG_TX_MODE] = 0x80;
	c->registers[REG_RX_MODE] = 0x80;
}

void chip_init(struct chip *c, struct sim_field *field, bool real, uint64_t chip_ns)
{
	memset(c, 0, sizeof(*c));
	c->clock = (struct sim_clock){ .real = real, .chip_ns = chip_ns, .baud = 115200 };
	c->field = field;
	c->noise_state = 0x9E3779B9;
	chip_power_cycle(c);
}

/* xorshift32: noise only has to be without meaning, and the same in every run. */
static uint8_t noise_byte(struct chip *c)
{
	c->noise_state ^= c->noise_state << 13;
	c->noise_state ^= c->noise_state >> 17;
	c->noise_state ^= c->noise_state << 5;
	return (uint8_t)(c->noise_state >> 24);
}

static struct chip_out *out_new(struct chip *c)
{
	struct chip_out *out;

	if (c->out_count == ARRAY_LEN(c->outs)) {
		memmove(c->outs, c->outs + 1, sizeof(c->outs) - sizeof(c->outs[0]));
		c->out_count--;
	}
	out = &c->outs[c->out_count++];
	out->len = 0;
	return out;
}

static void out_noise(struct chip *c, struct chip_out *out)
{
	size_t n = 1 + noise_byte(c) % CHIP_NOISE_MAX;

	while (n-- > 0)
		out->data[out->len++] = noise_byte(c);
}

void chip_noise(struct chip *c)
{
	struct chip_out *out = out_new(c);

	out_noise(c, out);
	out->due_ns = c->clock.now_ns;
}

/* The bytes of frame on their way: due when the last of them is on the line. */
static void out_frame(struct chip *c, struct bytes frame)
{
	struct chip_out *out = out_new(c);

	if (c->faults.noise)
		out_noise(c, out);
	memcpy(out->data + out->len, frame.p, frame.len);
	out->len += frame.len;
	sim_clock_uart(&c->clock, out->len);
	out->due_ns = c->clock.now_ns;
	if (c->faults.latency_ns) /* up to the timer's next tick */
		out->due_ns += c->faults.latency_ns - out->due_ns % c->faults.latency_ns;
}

/* There is no chip at the end of this line. */
static bool chip_absent(struct chip *c, struct bytes in)
{
	static const char prompt[] = "\r\nDebian GNU/Linux 12 kiosk ttyAMA0\r\n\r\nkiosk login: ";

	if (c->faults.echo)
		while (in.len > 0) {
			size_t n = in.len < FRAME_MAX ? in.len : FRAME_MAX;

			out_frame(c, bytes_of(in.p, n));
			in = bytes_of(in.p + n, in.len - n);
		}
	else if (c->faults.console)
		out_frame(c, bytes_of(prompt, sizeof(prompt) - 1));
	return c->faults.echo || c->faults.console;
}

static void reply_frame(struct chip *c, struct bytes frame)
{
	c->last_len = frame.len;
	memcpy(c->last, frame.p, frame.len);
	if (c->faults.dead || c->faults.hang) /* it may have been asked before it fell silent */
		return;
	if (c->faults.drop) {
		c->faults.drop = false;
		return;
	}
	out_frame(c, frame);
}

void chip_reply(struct chip *c, uint8_t command, struct bytes data)
{
	const struct chip_command *known = chip_command_find(command);
	uint8_t memory[FRAME_BODY_MAX], whole[FRAME_MAX];
	struct buf body = BUF_ON(memory), frame = BUF_ON(whole);

	buf_add_u8(&body, FRAME_FROM_CHIP);
	buf_add_u8(&body, (uint8_t)(command + 1));
	buf_add(&body, data);
	assert(buf_ok(&body));
	if (c->faults.nad && known && known->carries_data && body.len > 2) {
		c->faults.nad = false;
		memory[2] |= 0x80;
	}
	frame_write(&frame, buf_bytes(&body));
	if (c->faults.corrupt) {
		c->faults.corrupt = false;
		whole[frame.len - 2] ^= 0x5A;
	}
	reply_frame(c, buf_bytes(&frame));
}

static void reply_error(struct chip *c)
{
	uint8_t memory[16];
	struct buf frame = BUF_ON(memory);

	frame_write_error(&frame);
	reply_frame(c, buf_bytes(&frame));
}

/* What was asked before is asked no more. */
static void cancel(struct chip *c, uint64_t world_ns)
{
	c->out_count = 0;
	c->search.on = false;
	if (c->clock.real && c->clock.now_ns > world_ns)
		c->clock.now_ns = world_ns;
}

static void run_command(struct chip *c, struct bytes body)
{
	uint8_t memory[FRAME_BODY_MAX];
	struct buf reply = BUF_ON(memory);
	const struct chip_command *command = chip_command_find(body.p[1]);
	struct bytes args = bytes_of(body.p + 2, body.len - 2);
	enum chip_outcome outcome = CHIP_SYNTAX;

	c->clock.now_ns += c->clock.chip_ns;
	if (command && args.len >= command->min_len)
		outcome = command->run(c, args, &reply);
	if (outcome == CHIP_REPLY)
		chip_reply(c, command->code, buf_bytes(&reply));
	else if (outcome == CHIP_SYNTAX)
		reply_error(c);
}

static void take_body(struct chip *c, struct bytes body, uint64_t world_ns)
{
	uint8_t memory[8];
	struct buf ack = BUF_ON(memory);

	if (body.len < 2 || body.p[0] != FRAME_FROM_HOST)
		return;
	if (c->out_count > 0 || c->search.on)
		cancel(c, world_ns);
	if (c->faults.dead)
		return;
	frame_write_ack(&ack);
	out_frame(c, buf_bytes(&ack));
	c->commands++;
	if (!c->faults.hang)
		run_command(c, body);
}

static void take_nak(struct chip *c)
{
	if (c->last_len > 0 && !c->faults.dead && !c->faults.hang)
		out_frame(c, bytes_of(c->last, c->last_len));
}

static void take_frames(struct chip *c, uint64_t world_ns)
{
	struct bytes in = bytes_of(c->in, c->in_len), body = { 0 };
	enum frame_kind kind;

	while ((kind = frame_take(&in, &body)) != FRAME_MORE) {
		if (kind == FRAME_ACK)
			cancel(c, world_ns);
		else if (kind == FRAME_NAK)
			take_nak(c);
		else if (kind == FRAME_BODY)
			take_body(c, body, world_ns);
	}
	memmove(c->in, in.p, in.len);
	c->in_len = in.len;
}

/* A sleeping chip loses what comes before the first wake-up byte (UM0701-02 7.2.11). */
static void wake_up(struct chip *c, struct bytes *in)
{
	uint8_t byte;

	while (c->asleep && bytes_take_u8(in, &byte))
		c->asleep = byte != WAKE_BYTE;
}

void chip_feed(struct chip *c, struct bytes in, uint32_t baud, uint64_t world_ns)
{
	if (baud > 0)
		c->clock.baud = baud;
	sim_clock_sync(&c->clock, world_ns);
	if (chip_absent(c, in))
		return;
	wake_up(c, &in);
	while (in.len > 0) {
		struct bytes part;
		size_t n = sizeof(c->in) - c->in_len;

		if (n == 0) { /* no frame is this long: noise */
			c->in_len = 0;
			continue;
		}
		if (!bytes_take(&in, n < in.len ? n : in.len, &part))
			break;
		memcpy(c->in + c->in_len, part.p, part.len);
		c->in_len += part.len;
		sim_clock_uart(&c->clock, part.len);
		take_frames(c, world_ns);
	}
	chip_run(c, world_ns);
}

uint64_t chip_due(const struct chip *c)
{
	if (c->out_count > 0)
		return c->clock.real ? c->outs[0].due_ns : 0;
	if (c->search.on && c->clock.real)
		return c->search.next_ns;
	return UINT64_MAX;
}

bool chip_take(struct chip *c, uint64_t world_ns, struct bytes *out)
{
	if (c->out_count == 0 || (c->clock.real && c->outs[0].due_ns > world_ns))
		return false;
	c->given = c->outs[0];
	memmove(c->outs, c->outs + 1, --c->out_count * sizeof(c->outs[0]));
	*out = bytes_of(c->given.data, c->given.len);
	return true;
}
