#include "tools/switchboardctl/inspection/doctor.hpp"

#include <gtest/gtest.h>

#include "tests/unit/tools/inspection/sound_daemon.hpp"

namespace switchboard::ctl {
namespace {

const finding& worst(const std::vector<finding>& all) {
  return all.front();
}

/// What is worst after one thing was changed in a sound daemon.
finding worst_of(const std::function<void(checked_daemon&)>& spoil) {
  auto d = sound_daemon();
  spoil(d);
  return worst(examine(d));
}

TEST(doctor, has_nothing_to_say_of_a_sound_daemon) {
  const auto all = examine(sound_daemon());
  EXPECT_EQ(worst(all).state, health::fine) << worst(all).what << ": " << worst(all).found;
  EXPECT_EQ(findings_line(all), "");
  EXPECT_EQ(findings_data(all)["need_a_hand"], 0);
  EXPECT_TRUE(findings_text(all).starts_with("ok    "));
}

struct ailment {
  const char* name;
  std::function<void(checked_daemon&)> spoil;
  health state;
  const char* what;
};

class doctor_finds : public testing::TestWithParam<ailment> {};

TEST_P(doctor_finds, it) {
  auto& a = GetParam();
  const auto found = worst_of(a.spoil);
  EXPECT_EQ(found.what, a.what);
  EXPECT_EQ(found.state, a.state) << found.found;
  EXPECT_FALSE(found.help.empty());
}

INSTANTIATE_TEST_SUITE_P(
    each, doctor_finds,
    testing::Values(
        ailment{"closed_admission", [](auto& d) { d.status["journal"]["admission"] = false; },
                health::failing, "admission"},
        ailment{"nearly_full", [](auto& d) { d.status["store"]["takes"] = "what frees"; },
                health::failing, "store takes"},
        ailment{"state_fills", [](auto& d) { d.status["store"]["state"]["used"] = 850; },
                health::warning, "state room"},
        ailment{"state_full_soon",
                [](auto& d) { d.status["store"]["state"]["days_to_full"] = 3.0; }, health::warning,
                "state room"},
        ailment{"projector_behind", [](auto& d) { d.status["journal"]["projected"] = 250'000; },
                health::warning, "projector"},
        ailment{"damage", [](auto& d) { d.status["store"]["damaged_values"] = 1; }, health::failing,
                "damaged values"},
        ailment{"disagreement", [](auto& d) { d.status["configuration_conflicts"] = 2; },
                health::warning, "configuration"},
        ailment{"late_match", [](auto& d) { d.status["late_matches"] = 1; }, health::warning,
                "late matches"},
        ailment{"nobody_online", [](auto& d) { d.groups["groups"][2]["online"] = 0; },
                health::failing, "waiting with nobody online"},
        ailment{"closed_group", [](auto& d) { d.groups["groups"][2]["open"] = false; },
                health::failing, "waiting in a closed group"},
        ailment{"idle_agents", [](auto& d) { d.groups["groups"][2]["available"] = 1; },
                health::warning, "waiting beside free agents"},
        ailment{"long_wait", [](auto& d) { d.groups["groups"][2]["oldest_ms"] = 400'000; },
                health::warning, "long waits"},
        ailment{"poor_level", [](auto& d) { d.groups["groups"][1]["service_level"] = 0.3; },
                health::warning, "long waits"},
        ailment{"nobody_on_duty", [](auto& d) { d.agents["agents"][0]["state"] = "offline"; },
                health::failing, "agents on duty"},
        ailment{"over_capacity", [](auto& d) { d.agents["agents"][0]["used"] = 4; },
                health::warning, "agents over capacity"},
        ailment{"breaker_open", [](auto& d) { d.centers["centers"][0]["breaker"] = "open"; },
                health::failing, "center member"},
        ailment{"center_fails", [](auto& d) { d.centers["centers"][0]["failed"] = 400; },
                health::warning, "center member"},
        ailment{"slow_handler",
                [](auto& d) { d.activity_after["workers"][0]["busy_us"] = 400'000; },
                health::warning, "handlers"},
        ailment{"stuck_handler",
                [](auto& d) { d.activity_after["workers"][0]["busy_us"] = 6'000'000; },
                health::failing, "handlers"},
        ailment{"threads_full",
                [](auto& d) { d.activity_after["messages"][0]["work_us"] = 3'200'000; },
                health::warning, "actor threads"},
        ailment{"failed_message", [](auto& d) { d.activity_after["messages"][0]["failed"] = 2; },
                health::warning, "failed messages"},
        ailment{"long_mailbox",
                [](auto& d) {
                  d.activity_after["messages"][0]["wait"] = {60, 9'000};
                },
                health::warning, "mailboxes"},
        ailment{"no_groups", [](auto& d) { d.groups = json(); }, health::unknown, "groups"},
        ailment{"no_activity", [](auto& d) { d.activity_after = json(); }, health::unknown,
                "actors"}),
    [](const auto& of) { return of.param.name; });

TEST(doctor, puts_the_worst_first_and_names_two_in_one_line) {
  auto d = sound_daemon();
  d.status["configuration_conflicts"] = 2;
  d.groups["groups"][2]["online"] = 0;
  d.status["store"]["damaged_values"] = 1;
  const auto all = examine(d);
  EXPECT_EQ(all[0].what, "damaged values");
  EXPECT_EQ(all[1].what, "waiting with nobody online");
  EXPECT_EQ(findings_line(all),
            "!! damaged values: 1 met  !! waiting with nobody online: vip: 9 wait, oldest 2m10s  "
            "(3, see doctor)");
  EXPECT_EQ(findings_data(all)["checks"][0]["state"], "failing");
}

}  // namespace
}  // namespace switchboard::ctl
