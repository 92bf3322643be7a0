#pragma once

#include "tools/switchboardctl/inspection/doctor.hpp"

namespace switchboard::ctl {

/// Answers of a daemon that has no trouble, as it gives them.
inline checked_daemon sound_daemon() {
  checked_daemon d;
  d.status = json::parse(R"({
    "configuration_conflicts": 0, "node": "node1", "version": "0.1.0", "uptime_ms": 273600000,
    "sessions": {"opened": 4711, "identifying": 1, "waiting": 41, "offered": 6, "active": 1912},
    "messages": 90210, "assigned": 4400, "longest_waiting_ms": 130000,
    "journal": {"last": 312000, "durable": 312000, "projected": 311800, "admission": true, "reason": ""},
    "store": {"journal": {"used": 120, "limit": 1000}, "state": {"used": 80, "limit": 1000, "days_to_full": 210.5},
              "takes": "everything", "damaged_values": 0},
    "connections": 812, "late_matches": 0})");
  d.groups = json::parse(R"({"groups": [
    {"id": "general", "name": "综合", "waiting": 0, "online": 6, "available": 5, "oldest_ms": 0,
     "service_level": 0.91, "open": true, "offers_pending": 0},
    {"id": "presale", "name": "售前", "waiting": 21, "online": 11, "available": 0, "oldest_ms": 48000,
     "service_level": 0.71, "open": true, "offers_pending": 4},
    {"id": "vip", "name": "会员专席", "waiting": 9, "online": 2, "available": 0, "oldest_ms": 130000,
     "service_level": 0.84, "open": true, "offers_pending": 0}]})");
  d.agents = json::parse(R"({"agents": [
    {"id": "lin", "state": "online", "used": 3, "capacity": 3},
    {"id": "xu", "state": "offline", "used": 0, "capacity": 5}]})");
  d.centers = json::parse(R"({"centers": [
    {"center": "member", "kind": "http", "breaker": "closed", "asked": 900, "failed": 2, "timed_out": 1},
    {"center": "tag", "kind": "embedded", "breaker": "closed", "asked": 900, "failed": 0, "timed_out": 0}]})");
  auto activity = [](std::int64_t at_us, std::int64_t times) {
    auto row = [&](const char* kind, const char* message, std::int64_t n, std::int64_t us) {
      return json{{"kind", kind},
                  {"message", message},
                  {"handled", n * times},
                  {"failed", 0},
                  {"work_us", us * times},
                  {"work", {18, n * times}},
                  {"wait", {22, n * times / 16}}};
    };
    return json{
        {"at_us", at_us},
        {"ns_per_tick", 0.4},
        {"waiting_jobs", 2},
        {"workers",
         {{{"busy_us", 12}, {"kind", "session"}, {"message", "send_message"}},
          {{"busy_us", 0}, {"kind", ""}, {"message", ""}}}},
        {"living",
         {{"session", 1960}, {"agent", 512}, {"skill_group", 20}, {"router", 2}, {"directory", 4}}},
        {"messages",
         {row("session", "send_message", 6904, 241'000), row("session", "open_session", 121, 4'000),
          row("agent", "agent_available", 810, 98'000),
          row("skill_group", "enter_queue", 48, 9'000), row("router", "route_request", 48, 8'000),
          row("directory", "open_session", 121, 22'000)}},
        {"busiest",
         {{"window_us", 1'000'000},
          {"actors",
           {{{"kind", "skill_group"},
             {"key", "vip"},
             {"state", ""},
             {"last_message", "room_answer"},
             {"messages", 811},
             {"work_us", 61'000},
             {"waiting", 1}},
            {{"kind", "session"},
             {"key", "s3f01KC2F9QK4T8WZ7XB2M5HAC0"},
             {"state", "active"},
             {"last_message", "send_message"},
             {"messages", 102},
             {"work_us", 9'000},
             {"waiting", 0}},
            {{"kind", "agent"},
             {"key", "林晓岚"},
             {"state", "online"},
             {"last_message", "reserve_room"},
             {"messages", 64},
             {"work_us", 4'000},
             {"waiting", 0}}}}}}};
  };
  d.activity_before = activity(10'000'000, 5);
  d.activity_after = activity(11'000'000, 6);
  return d;
}

}  // namespace switchboard::ctl
