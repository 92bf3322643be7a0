#pragma once

#include <memory>

#include <CLI/CLI.hpp>

#include "tools/switchboardctl/command_line.hpp"

namespace switchboard::ctl {

template <class Command> void when_given(CLI::App* sub, command_line& into, Command command) {
  sub->callback([&into, command] { into.run = command; });
}

/// The command asks a running daemon.
template <class Command> void ask_daemon(command_line& into, Command command) {
  into.run = [&into, command]() -> outcome {
    auto daemon = control_client::connect(into.control);
    if (!daemon) return tl::unexpected(daemon.error());
    return command(*daemon);
  };
}
template <class Command> void when_asked(CLI::App* sub, command_line& into, Command command) {
  sub->callback([&into, command] { ask_daemon(into, command); });
}

/// A command that only looks, and may look again and again.
void watchable(CLI::App* sub, command_line& into);

}  // namespace switchboard::ctl
