// Precompiled for every actor: CAF and msgpack cost seconds to parse.
#pragma once

#include <caf/all.hpp>
#include <msgpack.hpp>

#include "actors/messages/interfaces.hpp"
#include "runtime/hosting/hosted_actor.hpp"
