#include <set>

#include <gtest/gtest.h>

#include "config/option_table.hpp"
#include "config/options_loader.hpp"

namespace switchboard::config {
namespace {

std::string errors_of(const std::string& text) {
  auto loaded = parse_options(text, {}, "s.yaml");
  return loaded ? std::string() : to_string(loaded.error());
}

TEST(options, a_fresh_value_has_the_declared_defaults) {
  daemon_options o;
  EXPECT_EQ(o.channel.port, 7701);
  EXPECT_EQ(o.limits.message_bytes, 65536);
  EXPECT_EQ(o.deadlines.hello, millis(5000));
  EXPECT_EQ(o.journal.retention, millis(7ll * 86'400'000));
  EXPECT_FALSE(o.allow_plain);
}

TEST(options, every_default_is_within_its_own_bounds_and_reads_back) {
  daemon_options o;
  for (const auto& one : option_table()) {
    EXPECT_EQ(one.refusal(one.initial), "") << one.key;
    EXPECT_EQ(one.show(o), one.initial) << one.key;
    EXPECT_EQ(one.text.back(), '.') << one.key;
  }
}

TEST(options, no_two_options_share_a_key_or_a_field) {
  std::set<std::string_view> keys;
  for (const auto& one : option_table()) EXPECT_TRUE(keys.insert(one.key).second) << one.key;
  // Writing one option changes what that one shows, and no other.
  for (const auto& one : option_table()) {
    daemon_options before, after;
    std::string other = one.kind == option_kind::flag ? (one.initial == "true" ? "false" : "true")
                        : one.kind == option_kind::duration ? "77s"
                                                            : "77";
    one.store(after, other);
    auto changed = changed_options(before, after);
    ASSERT_EQ(changed.size(), 1u) << one.key;
    EXPECT_EQ(changed[0], &one);
  }
}

TEST(options, sections_nest_as_the_keys_do) {
  auto o = parse_options(
      "listen: {channel: {port: 0}}\nlimits: {window: 8, message_bytes: 1MiB}\nlog: {level: "
      "debug}\n");
  ASSERT_TRUE(o) << to_string(o.error());
  EXPECT_EQ(o->channel.port, 0);
  EXPECT_EQ(o->limits.window, 8);
  EXPECT_EQ(o->limits.message_bytes, 1 << 20);
  EXPECT_EQ(o->log.level, "debug");
}

TEST(options, an_unknown_key_is_refused_by_line_and_nearest_name) {
  EXPECT_EQ(errors_of("node: a\nlisten:\n  chanel: {port: 1}\nlimits: {windo: 1}\n"),
            "s.yaml:3: listen.chanel: unknown key; did you mean \"channel\"?\n"
            "s.yaml:4: limits.windo: unknown key; did you mean \"window\"?\n");
}

TEST(options, values_are_held_to_kind_and_bounds) {
  EXPECT_EQ(errors_of("listen: {channel: {port: 65536}}"),
            "s.yaml:1: listen.channel.port: expected a whole number from 0 to 65535\n");
  EXPECT_EQ(errors_of("limits: {message_bytes: 64kb}"),
            "s.yaml:1: limits.message_bytes: expected a size from 1KiB to 16MiB\n");
  EXPECT_EQ(errors_of("deadlines: {hello: 1h}"),
            "s.yaml:1: deadlines.hello: expected a duration from 100ms to 1m\n");
  EXPECT_EQ(errors_of("allow_plain: maybe"), "s.yaml:1: allow_plain: expected true or false\n");
  EXPECT_EQ(errors_of("log: {level: inf}"),
            "s.yaml:1: log.level: unknown value \"inf\"; did you mean \"info\"?\n");
  EXPECT_EQ(errors_of("node: [a]"), "s.yaml:1: node: expected one value\n");
  EXPECT_EQ(errors_of("limits: 5"), "s.yaml:1: limits: expected {key: value}\n");
}

TEST(options, an_open_address_needs_tls_or_an_explicit_word) {
  const std::string open = "listen: {channel: {address: 0.0.0.0}}\n";
  EXPECT_NE(errors_of(open).find("listen.channel.address: not loopback"), std::string::npos);
  EXPECT_EQ(errors_of(open + "allow_plain: true\n"), "");
  EXPECT_EQ(errors_of(open + "tls: {cert: a.pem, key: a.key}\n"), "");
  EXPECT_NE(errors_of("tls: {cert: a.pem}\n").find("tls.key: missing"), std::string::npos);
}

TEST(options, relative_paths_count_from_the_files_folder) {
  auto o =
      parse_options("data_dir: ../data\ndispatch: d.yaml\ncontrol_socket: /run/x\n", "/etc/sb");
  ASSERT_TRUE(o) << to_string(o.error());
  EXPECT_EQ(o->data_dir, "/etc/data");
  EXPECT_EQ(o->dispatch, "/etc/sb/d.yaml");
  EXPECT_EQ(o->control_socket, "/run/x");
  EXPECT_EQ(o->tls.cert, "");
}

TEST(options, the_command_line_sets_one_option) {
  daemon_options o;
  EXPECT_EQ(set_option(o, "limits.window=64"), "");
  EXPECT_EQ(o.limits.window, 64);
  EXPECT_EQ(set_option(o, "limits.window=0"),
            "limits.window: expected a whole number from 1 to 65536");
  EXPECT_EQ(o.limits.window, 64);
  EXPECT_EQ(set_option(o, "limits.windo=1"),
            "unknown option \"limits.windo\"; did you mean \"limits.window\"?");
  EXPECT_EQ(set_option(o, "limits.window"), "expected key=value");
}

TEST(options, a_reload_takes_up_what_it_can_and_names_the_rest_each_time) {
  daemon_options running, file;
  ASSERT_EQ(set_option(file, "log.level=debug"), "");
  ASSERT_EQ(set_option(file, "listen.channel.port=1"), "");
  for (bool first : {true, false}) {
    auto change = take_up(running, file);
    ASSERT_EQ(change.taken.size(), first ? 1u : 0u);
    if (first) {
      EXPECT_EQ(change.taken[0]->key, "log.level");
    }
    ASSERT_EQ(change.waiting.size(), 1u);
    EXPECT_EQ(change.waiting[0]->key, "listen.channel.port");
    running = change.running;
    EXPECT_EQ(running.log.level, "debug");
    EXPECT_EQ(running.channel.port, 7701);
  }
}

TEST(options, the_help_names_every_option) {
  auto help = options_help();
  for (const auto& one : option_table()) {
    EXPECT_NE(help.find(std::string(one.key) + " = "), std::string::npos) << one.key;
  }
}

}  // namespace
}  // namespace switchboard::config
